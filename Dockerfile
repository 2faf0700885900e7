FROM python:3.11-slim

# Logs go out at once.
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# The CPU wheel of torch first: PyPI's brings gigabytes of CUDA.
COPY requirements.txt .
RUN pip install --index-url https://download.pytorch.org/whl/cpu "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)" \
    && pip install -r requirements.txt

COPY app.py settings.py ./
COPY corpus corpus
COPY index index
COPY chat chat
COPY eval eval
# Byte code goes into the image: the user below may not write it, and every start would compile anew.
RUN python -m compileall -q app.py settings.py corpus index chat eval

# Everything written at run time goes to /data, owned by a user without rights elsewhere.
RUN useradd --system --uid 10001 tiaowen && install -d -o tiaowen /data
USER tiaowen
ENV TIAOWEN_HOST=0.0.0.0 TIAOWEN_DATA=/data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"
CMD ["python", "app.py"]
