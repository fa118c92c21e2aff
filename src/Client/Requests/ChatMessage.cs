namespace Grid.Client.Requests;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">system, user or assistant.</param>
/// <param name="Content">The text of the message.</param>
public sealed record ChatMessage(string Role, string Content);
