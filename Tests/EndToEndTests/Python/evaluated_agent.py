#!/usr/bin/env python3
"""An agent that pydantic-evals evaluates, as its documentation has it; nothing here knows the exporter.

    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:10077 evaluated_agent.py RUNS SCORE

The results leave by the default exporter of OpenTelemetry: protobuf over HTTP.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

from opentelemetry import _logs, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.online import evaluate, wait_for_evaluations

RUNS, SCORE = int(sys.argv[1]), float(sys.argv[2])


@dataclass
class Quality(Evaluator):
    """A score, a verdict and a label in one."""

    def get_default_evaluation_name(self) -> str:
        return "answer_quality"

    def evaluate(self, ctx: EvaluatorContext) -> EvaluationReason:
        return EvaluationReason(value=SCORE, reason=f"the answer has {len(ctx.output)} letters")


@dataclass
class IsPolite(Evaluator):
    """A boolean, which is no score of quality."""

    def evaluate(self, ctx: EvaluatorContext) -> bool:
        return True


@evaluate(Quality(), IsPolite())
async def summarize(text: str) -> str:
    return text[:10]


async def main() -> None:
    for number in range(RUNS):
        await summarize(f"text number {number}")
    await wait_for_evaluations()


trace.set_tracer_provider(TracerProvider())
provider = LoggerProvider()
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
_logs.set_logger_provider(provider)
asyncio.run(main())
provider.shutdown()
