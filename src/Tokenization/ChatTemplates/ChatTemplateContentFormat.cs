namespace Grid.Tokenization.ChatTemplates;

/// <summary>In which form a template wants a message's content (vLLM's <c>--chat-template-content-format</c>).</summary>
public enum ChatTemplateContentFormat
{
    /// <summary>A string: text parts are to be joined with line breaks before rendering.</summary>
    String,

    /// <summary>A list of parts such as <c>{"type": "text", "text": ...}</c>: a string is to be wrapped before rendering.</summary>
    OpenAI,
}
