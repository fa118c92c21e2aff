namespace Grid.Engine.Outputs;

/// <summary>vLLM's <c>stop_reason</c>: the stop text or the stop id that ended an output. EOS has none.</summary>
/// <param name="Text">The text of <c>stop</c>, or null.</param>
/// <param name="TokenId">The id of <c>stop_token_ids</c>, or null.</param>
public sealed record StopReason(string? Text, int? TokenId)
{
    /// <summary>The text or the id.</summary>
    public override string ToString() => Text ?? TokenId?.ToString() ?? "";
}
