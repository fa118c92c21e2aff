using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Syntax;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>
/// A Jinja chat template under transformers' settings (trim_blocks, lstrip_blocks, loop controls, an immutable sandbox).
/// Immutable and safe to use from many threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    private ChatTemplate(string name, string source, IReadOnlyList<Statement> body)
    {
        Name = name;
        Source = source;
        _body = body;
        ContentFormat = ContentFormatDetector.Detect(body);
    }

    /// <summary>What errors call it: a file or a model.</summary>
    public string Name { get; }

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    /// <summary>The form of content that the template's loops show it to want.</summary>
    public ChatTemplateContentFormat ContentFormat { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The source text of the template, in Jinja.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ChatTemplateException">It is not valid Jinja, or nested more than 200 deep.</exception>
    public static ChatTemplate Parse(string source, string name)
    {
        try
        {
            return new(name, source, new TemplateParser(Lexer.Tokenize(source)).Parse());
        }
        catch (TemplateSyntaxException error)
        {
            throw new ChatTemplateException(name, error.Line, error.Message, inner: error);
        }
    }

    /// <summary>The prompt.</summary>
    /// <param name="input">The conversation and the variables of the template.</param>
    /// <param name="clock">What <c>strftime_now</c> reads, in its local zone; the system's by default.</param>
    /// <exception cref="ChatTemplateException">
    /// The template refuses the conversation, does what Jinja calls an error, or exceeds its bounds on steps, depth or output.
    /// </exception>
    public string Render(ChatTemplateInput input, TimeProvider? clock = null)
    {
        var interpreter = new Interpreter(clock ?? TimeProvider.System);
        try
        {
            return interpreter.Run(_body, Globals(input));
        }
        catch (TemplateRuntimeException error)
        {
            throw new ChatTemplateException(Name, interpreter.Line, error.Message, error.IsRaised, error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new ChatTemplateException(Name, interpreter.Line, "maximum recursion depth exceeded", inner: error);
        }
    }

    private static Scope Globals(ChatTemplateInput input)
    {
        var scope = new Scope(GlobalFunctions.Scope);
        scope.Set("messages", input.Messages.Value);
        scope.Set("tools", input.Tools.Value);
        scope.Set("documents", input.Documents.Value);
        scope.Set("add_generation_prompt", input.AddGenerationPrompt);
        if (input.BosToken is not null) scope.Set("bos_token", input.BosToken);
        if (input.EosToken is not null) scope.Set("eos_token", input.EosToken);
        foreach (var (name, value) in input.Variables) scope.Set(name, value.Value);
        return scope;
    }
}
