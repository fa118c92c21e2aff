namespace Grid.Engine.Offline;

/// <summary>A token's log probability, of the raw logits.</summary>
/// <param name="Value">Natural logarithm.</param>
/// <param name="Rank">1 for the most likely token.</param>
/// <param name="DecodedToken">The token's text.</param>
public sealed record Logprob(float Value, int Rank, string DecodedToken);
