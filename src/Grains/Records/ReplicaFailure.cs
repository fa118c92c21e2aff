namespace Grid.Grains.Records;

/// <summary>Failures of a replica in a row.</summary>
/// <param name="Count">So many.</param>
/// <param name="RetryAt">It is placed again then.</param>
/// <param name="Reason">Of the last.</param>
/// <param name="Message">Of the last.</param>
/// <param name="Nodes">Where it failed last.</param>
internal sealed record ReplicaFailure(int Count, DateTimeOffset RetryAt, string Reason, string Message, string[] Nodes);
