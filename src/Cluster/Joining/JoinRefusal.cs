namespace Grid.Cluster.Joining;

/// <summary>The body of a refusal.</summary>
/// <param name="Code">A <see cref="JoinFault"/>.</param>
/// <param name="Message">The reason as a sentence for people.</param>
internal sealed record JoinRefusal(JoinFault Code, string Message);
