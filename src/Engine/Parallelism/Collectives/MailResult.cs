namespace Grid.Engine.Parallelism.Collectives;

/// <summary>How a wait for a message ended.</summary>
internal enum MailResult
{
    /// <summary>The message is there.</summary>
    Taken,

    /// <summary>The deadline passed.</summary>
    Late,

    /// <summary>The other side is gone.</summary>
    Gone,

    /// <summary>The message is of another size than was expected.</summary>
    WrongSize,
}
