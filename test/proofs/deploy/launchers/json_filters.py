"""Filters of log lines that compare JSON fields with texts, as CloudWatch Logs has them: one of the comparisons has to hold."""

import json
import re


class JsonFilter:
    def __init__(self, pattern):
        self.comparisons = re.findall(r'\$\.([\w.]+)\s*=\s*"([^"]*)"', pattern)

    def matches(self, message):
        try:
            line = json.loads(message)
        except ValueError:
            return False
        return any(self.field(line, path) == text for path, text in self.comparisons)

    def field(self, value, path):
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value
