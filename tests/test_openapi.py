"""openapi.json against the running interface: no response that it does not describe (schemathesis)."""

import contextlib
import json

import hypothesis
import pytest
import schemathesis
from fastapi.testclient import TestClient
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chat.access.channels import Channel, Channels
from chat.access.gate import Gate
from chat.api import create_app
from chat.contract import AskRequest
from chat.records import Records
from tests.serving import serve
from tests.standin import StandIn, corpus

EXAMPLES = 6  # of each operation and mode; the time of the suite is short
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    records = Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/r.db")
    gate = Gate(Channels({"portal": Channel(id="portal", origins=("https://a.gov.cn",))}))
    return create_app(StandIn(corpus()), records, gate=gate)


@pytest.fixture(scope="module")
def described(app):
    with serve(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_response_is_undocumented(described, mode):
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def call(case):
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=CHECKS)

        with contextlib.suppress(hypothesis.errors.Unsatisfiable):  # nothing to send is wrong: no parameters
            call()
    assert tried >= 30


def test_the_examples_of_the_documentation_work(app):
    client = TestClient(app)
    described = client.get("/openapi.json").json()
    shown = 0
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if "requestBody" not in operation:
                continue
            reference = operation["requestBody"]["content"]["application/json"]["schema"]
            names = [each for each in json.dumps(reference).split('"') if each.startswith("#/")]
            body = described["components"]["schemas"][names[0].rpartition("/")[2]]["example"]
            if path == "/api/ask":
                AskRequest.model_validate(body)
                body = {**body, "filters": {}}  # the stand-in has policies of other provinces
            answer = client.request(method, path.replace("{channel_id}", "portal"), json=body)
            expected = {"/api/feedback": 422, "/api/channels/{channel_id}/token": 403}.get(path, 200)
            assert answer.status_code == expected, (path, answer.text)
            shown += 1
    assert shown == 4
