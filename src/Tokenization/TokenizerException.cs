namespace Grid.Tokenization;

/// <summary>A tokenizer's file is broken, or asks for something that is not supported.</summary>
/// <param name="file">The file at fault.</param>
/// <param name="component">The component at fault, as the file names it (<c>pre_tokenizer.BertPreTokenizer</c>).</param>
/// <param name="message">What is wrong with the component.</param>
public sealed class TokenizerException(string file, string component, string message, Exception? inner = null)
    : Exception($"{file}: {component}: {message}", inner)
{
    /// <summary>The file at fault.</summary>
    public string File { get; } = file;

    /// <summary>The component at fault, as the file names it.</summary>
    public string Component { get; } = component;
}
