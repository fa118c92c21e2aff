namespace Grid.Abstractions.Configuration;

/// <summary>What happens to a stream whose silo is lost.</summary>
[GenerateSerializer, Alias("grid.ResumeMode")]
public enum ResumeMode
{
    /// <summary>It is resumed on any rank; a change of numerics is counted.</summary>
    Continue,

    /// <summary>It is resumed only on a rank of equal numerics.</summary>
    Exact,

    /// <summary>It ends with an error.</summary>
    Off,
}
