namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>
/// Finds out whether a template goes through the parts of a message's content. Only a loop directly over the content asks for parts: a
/// template that assigns it to a variable first may add texts to it, and loop over the result.
/// </summary>
internal sealed class ContentFormatDetector
{
    private const string Content = "content";

    private readonly HashSet<string> _messages = ["messages"];
    private readonly HashSet<string> _message = [];

    private ContentFormatDetector()
    {
    }

    public static ChatTemplateContentFormat Detect(IReadOnlyList<Statement> body) =>
        new ContentFormatDetector().Any(body) ? ChatTemplateContentFormat.OpenAI : ChatTemplateContentFormat.String;

    private bool Any(IReadOnlyList<Statement> body) => body.Any(IteratesContent);

    private bool IteratesContent(Statement statement)
    {
        switch (statement)
        {
            case Statement.For loop:
                if (IsContent(loop.Items)) return true;
                if (loop.Target is Expression.Name item && IsIn(_messages, loop.Items)) _message.Add(item.Id);
                return Any(loop.Body) || Any(loop.Else);
            case Statement.Set { Target: Expression.Name name } set:
                if (IsIn(_messages, set.Value)) _messages.Add(name.Id);
                return false;
            case Statement.If conditional: return conditional.Branches.Any(branch => Any(branch.Body)) || Any(conditional.Else);
            case Statement.With with: return Any(with.Body);
            case Statement.FilterBlock block: return Any(block.Body);
            case Statement.SetBlock block: return Any(block.Body);
            case Statement.CallBlock block: return Any(block.Caller.Body);
            default: return false;
        }
    }

    private bool IsContent(Expression expression) => Source(expression) switch
    {
        Expression.Attribute { Member: Content, Target: var target } => IsMessage(target),
        Expression.Index { Key: Expression.Literal { Value: Content }, Target: var target } => IsMessage(target),
        _ => false,
    };

    private bool IsMessage(Expression expression) =>
        IsIn(_message, expression) || (expression is Expression.Index { Target: var list } && IsIn(_messages, list));

    private static bool IsIn(HashSet<string> names, Expression expression) =>
        Source(expression) is Expression.Name name && names.Contains(name.Id);

    /// <summary>What filters and slices are applied to.</summary>
    private static Expression Source(Expression expression) => expression switch
    {
        Expression.Filter { Target: { } target } => Source(target),
        Expression.Slice slice => Source(slice.Target),
        _ => expression,
    };
}
