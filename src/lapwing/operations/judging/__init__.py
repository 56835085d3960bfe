"""What a judgment is made of beyond the times of tests, each part added to it by `judge_run`."""
