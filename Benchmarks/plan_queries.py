"""The four queries of the peers, in the form that costs the least.

- The threshold is not a column: it is the payload's `current_threshold`.
- The consistency is read of the last three evaluations, the RMM score of the latest row that has
  one. Alerts need no more, and the primary key leads there without a scan.
"""

QSR_AVERAGE = """
SELECT AVG((json_extract(payload, '$.output_quality'))) FROM evidence
WHERE event='metacognitive_agent_execution'
"""
CONSISTENCY = """
SELECT payload->'self_assessment'->>'consistency' FROM evidence
WHERE event='quality_gate_evaluation' ORDER BY id DESC LIMIT 3
"""
THRESHOLD_AVERAGE = """
SELECT AVG(json_extract(payload, '$.current_threshold')) FROM evidence
WHERE event='quality_gate_evaluation'
"""
RMM_SCORE = """
SELECT payload->>'rmm_score' FROM evidence
WHERE payload->>'rmm_score' IS NOT NULL ORDER BY id DESC LIMIT 1
"""
QUERIES = {
    "plan_qsr_average": QSR_AVERAGE,
    "plan_self_assessment_consistency": CONSISTENCY,
    "plan_threshold_average": THRESHOLD_AVERAGE,
    "plan_rmm_score": RMM_SCORE,
}
"""The queries by the name of the metric that shows the answer."""
