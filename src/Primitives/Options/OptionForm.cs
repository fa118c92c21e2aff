namespace Grid.Primitives.Options;

/// <summary>How the value of an option is written.</summary>
public enum OptionForm
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A file or folder, or one of the choices.</summary>
    Path,

    /// <summary>True or false; on the command line a pair of flags, <c>--x</c> and <c>--no-x</c>.</summary>
    Switch,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A size such as 2GiB.</summary>
    Bytes,

    /// <summary>A duration such as 30s.</summary>
    Duration,

    /// <summary>A length in tokens such as 4096, 4k or auto.</summary>
    Length,

    /// <summary>One of the choices.</summary>
    Choice,

    /// <summary>A JSON object, or a mapping in grid.yaml.</summary>
    Json,

    /// <summary>Whole numbers with commas between them, or a list in grid.yaml.</summary>
    Numbers,
}
