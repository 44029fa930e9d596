"""A quality gate as its author wrote it, on scores from standard input.

Each line is a threshold to start from, and scores. The answer is a line for each score: whether
calibration was needed, and the threshold after it.
"""

import sys


class ResearchGate:
    def __init__(self, threshold=0.5):
        self.threshold = threshold

    def evaluate(self, primary_score, primary_detail):
        self_assessment = {
            "consistency": primary_detail.get("consistency", 1.0),
            "confidence": primary_detail.get("confidence", 0.0),
            "calibration_needed": primary_score < self.threshold,
        }
        if self_assessment["calibration_needed"]:
            self.threshold = 0.7 * self.threshold + 0.3 * primary_score
        return {
            "quality_score": primary_score,
            "self_assessment": self_assessment,
            "threshold": self.threshold,
        }


for line in sys.stdin:
    start, *scores = map(float, line.split())
    gate = ResearchGate(start)
    for score in scores:
        result = gate.evaluate(score, {})
        print(int(result["self_assessment"]["calibration_needed"]), repr(result["threshold"]))
