namespace Grid.Abstractions.Http;

/// <summary>
/// Keys of the JSON in a comment line <c>: grid {...}</c>, which a silo writes before a data event, or alone. The gateway keeps what it
/// brings, for a resume, and strips it. All keys are one letter long.
/// </summary>
public static class ProgressKeys
{
    /// <summary>Number of the attempt, from 0.</summary>
    public const string Attempt = "a";

    /// <summary>Index of the choice.</summary>
    public const string Choice = "c";

    /// <summary>Index of the first of <see cref="Tokens"/> in the choice's output.</summary>
    public const string Index = "i";

    /// <summary>Output ids that the event brings.</summary>
    public const string Tokens = "t";

    /// <summary>UTF-8 bytes of text sent so far, this event included.</summary>
    public const string Bytes = "n";

    /// <summary>Finish reason, in the choice's last event.</summary>
    public const string Finish = "f";

    /// <summary>Prompt tokens found in the prefix cache, in the first comment of a request.</summary>
    public const string CachedTokens = "k";

    /// <summary>Opaque to the gateway: it comes back in <see cref="ResumeChoice.Extra"/>.</summary>
    public const string Extra = "x";

    /// <summary>
    /// Why the silo hands the request over (<see cref="HandOverReasons"/>); the stream ends after it and is to be resumed elsewhere.
    /// </summary>
    public const string HandOver = "h";
}
