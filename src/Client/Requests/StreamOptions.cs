namespace Grid.Client.Requests;

/// <summary>What a stream carries beside the text.</summary>
/// <param name="IncludeUsage">Whether the last chunk counts the tokens.</param>
public sealed record StreamOptions(bool IncludeUsage);
