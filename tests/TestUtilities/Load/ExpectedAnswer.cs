namespace Grid.TestUtilities.Load;

/// <summary>What the unbroken run answers.</summary>
/// <param name="Tokens">Ids of the output.</param>
/// <param name="Text">Their text.</param>
/// <param name="Finish">The finish reason.</param>
/// <param name="PromptTokens">Of the usage.</param>
public sealed record ExpectedAnswer(int[] Tokens, string Text, string Finish, int PromptTokens);
