namespace Grid.Tokenization.PreTokenization;

/// <summary>Metaspace's <c>prepend_scheme</c>.</summary>
internal enum PrependScheme
{
    /// <summary>Never put a mark in front.</summary>
    Never,

    /// <summary>In front of the piece that begins the text.</summary>
    First,

    /// <summary>In front of every piece between added tokens.</summary>
    Always,
}
