"""What stands around a training: checked arrays, targets, progress and scores."""
