namespace Grid.Tokenization.Gguf;

/// <summary>The values of <c>tokenizer.ggml.token_type</c>.</summary>
public enum GgufTokenType
{
    /// <summary>Not written by any known converter; read as <see cref="Normal"/>.</summary>
    Undefined = 0,

    /// <summary>An ordinary piece of text.</summary>
    Normal = 1,

    /// <summary>The unknown token.</summary>
    Unknown = 2,

    /// <summary>A special token such as BOS.</summary>
    Control = 3,

    /// <summary>An added token that is ordinary text.</summary>
    UserDefined = 4,

    /// <summary>A piece that is never produced.</summary>
    Unused = 5,

    /// <summary>One byte, written <c>&lt;0xNN&gt;</c>.</summary>
    Byte = 6,
}
