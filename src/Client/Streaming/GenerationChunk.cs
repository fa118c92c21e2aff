namespace Grid.Client.Streaming;

/// <summary>One event of a stream.</summary>
/// <param name="Choice">Index of the choice; -1 for the chunk that only counts tokens.</param>
/// <param name="Text">What is new; may be empty.</param>
/// <param name="FinishReason">Set on a choice's last chunk.</param>
/// <param name="Usage">Set on the last chunk, where asked for.</param>
public sealed record GenerationChunk(int Choice, string Text, string? FinishReason, TokenUsage? Usage);
