namespace Grid.Engine.Requests;

/// <summary>Why a request ended.</summary>
public enum FinishReason
{
    /// <summary>EOS, a stop id or a stop text.</summary>
    Stop,

    /// <summary><c>max_tokens</c> or the model's length.</summary>
    Length,

    /// <summary>The client went away, or somebody aborted it.</summary>
    Abort,

    /// <summary>The engine failed.</summary>
    Error,
}
