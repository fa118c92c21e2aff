namespace Grid.Grains.Records;

/// <summary>Failures of a replica in a row.</summary>
/// <param name="Count">The number of failures in a row.</param>
/// <param name="RetryAt">It is placed again then.</param>
/// <param name="Reason">That of the last failure.</param>
/// <param name="Message">That of the last failure.</param>
/// <param name="Nodes">Where it failed last.</param>
internal sealed record ReplicaFailure(int Count, DateTimeOffset RetryAt, string Reason, string Message, string[] Nodes);
