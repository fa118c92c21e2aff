namespace Grid.Engine.Collectives;

/// <summary>How a wait for a message ended.</summary>
internal enum MailResult
{
    /// <summary>A message was taken.</summary>
    Taken,

    /// <summary>The deadline passed.</summary>
    Late,

    /// <summary>The other side is gone.</summary>
    Gone,

    /// <summary>The message does not have the expected size.</summary>
    WrongSize,
}
