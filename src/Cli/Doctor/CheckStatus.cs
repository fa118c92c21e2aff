namespace Grid.Cli.Doctor;

/// <summary>What a check found.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, worse than it could.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,
}
