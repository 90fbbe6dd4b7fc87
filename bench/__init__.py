"""What README's figures come from: ratios against a baseline in the same run."""
