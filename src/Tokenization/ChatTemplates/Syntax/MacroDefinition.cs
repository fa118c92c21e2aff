namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Parameters and body of a macro or of a call block.</summary>
/// <param name="Name">Its name; <c>caller</c> for a call block.</param>
/// <param name="Parameters">In order; those with a default come last.</param>
/// <param name="Body">The statements that are rendered at each call.</param>
/// <param name="FreeNames">Names that the body reads: whether it takes varargs, kwargs and a caller follows from them.</param>
internal sealed record MacroDefinition(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body,
    IReadOnlySet<string> FreeNames);
