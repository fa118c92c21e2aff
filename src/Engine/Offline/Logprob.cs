namespace Grid.Engine.Offline;

/// <summary>A token's log probability, of the raw logits.</summary>
/// <param name="Value">The natural logarithm of the probability.</param>
/// <param name="Rank">1 for the most likely token.</param>
/// <param name="DecodedToken">The text of the token.</param>
public sealed record Logprob(float Value, int Rank, string DecodedToken);
