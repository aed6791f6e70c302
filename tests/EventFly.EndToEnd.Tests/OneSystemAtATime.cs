// Two whole systems at once would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
