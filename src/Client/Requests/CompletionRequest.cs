namespace Grid.Client.Requests;

/// <summary><c>POST /v1/completions</c>.</summary>
public sealed record CompletionRequest : GenerationRequest
{
    /// <summary>Text or token ids to continue.</summary>
    public required Prompt Prompt { get; init; }
}
