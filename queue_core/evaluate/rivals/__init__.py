"""What others tell their visitors, each rule at its best, as methods that can be held against ours."""
