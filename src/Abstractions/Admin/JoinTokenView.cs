namespace Grid.Abstractions.Admin;

/// <summary>A join token as operators see it, without its secret.</summary>
/// <param name="Id">The id, which is the part of the token before its secret.</param>
/// <param name="State">One of Active, Spent, Expired and Revoked.</param>
/// <param name="Expires">The time at which it expires, in UTC.</param>
/// <param name="Uses">How many nodes may join with it; null for any number.</param>
/// <param name="Used">How many nodes have joined with it.</param>
public sealed record JoinTokenView(string Id, string State, DateTimeOffset Expires, int? Uses, int Used);
