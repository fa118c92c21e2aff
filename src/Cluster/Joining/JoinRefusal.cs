namespace Grid.Cluster.Joining;

/// <summary>The body of a refusal.</summary>
/// <param name="Code">A <see cref="JoinFault"/>.</param>
/// <param name="Message">For people.</param>
internal sealed record JoinRefusal(JoinFault Code, string Message);
