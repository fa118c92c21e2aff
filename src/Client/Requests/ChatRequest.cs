namespace Grid.Client.Requests;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
public sealed record ChatRequest : GenerationRequest
{
    /// <summary>The conversation, oldest turn first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }
}
