namespace Grid.Abstractions.Http;

/// <summary>
/// Keys of <see cref="ResumeRequest"/> and <see cref="ResumeChoice"/> in JSON, for code that writes them without an object.
/// </summary>
public static class ResumeKeys
{
    /// <summary>Key of <see cref="ResumeRequest.Path"/>.</summary>
    public const string Path = "path";

    /// <summary>Key of <see cref="ResumeRequest.Body"/>.</summary>
    public const string Body = "body";

    /// <summary>Key of <see cref="ResumeRequest.RequestId"/>.</summary>
    public const string RequestId = "requestId";

    /// <summary>Key of <see cref="ResumeRequest.Created"/>.</summary>
    public const string Created = "created";

    /// <summary>Key of <see cref="ResumeRequest.Seed"/>.</summary>
    public const string Seed = "seed";

    /// <summary>Key of <see cref="ResumeRequest.Attempt"/>.</summary>
    public const string Attempt = "attempt";

    /// <summary>Key of <see cref="ResumeRequest.Epoch"/>.</summary>
    public const string Epoch = "epoch";

    /// <summary>Key of <see cref="ResumeRequest.Choices"/>.</summary>
    public const string Choices = "choices";

    /// <summary>Key of <see cref="ResumeChoice.Tokens"/>.</summary>
    public const string Tokens = "tokens";

    /// <summary>Key of <see cref="ResumeChoice.Bytes"/>.</summary>
    public const string Bytes = "bytes";

    /// <summary>Key of <see cref="ResumeChoice.Finish"/>.</summary>
    public const string Finish = "finish";

    /// <summary>Key of <see cref="ResumeChoice.Opened"/>.</summary>
    public const string Opened = "opened";

    /// <summary>Key of <see cref="ResumeChoice.Extra"/>.</summary>
    public const string Extra = "extra";
}
