namespace Grid.Abstractions.Events;

/// <summary>What events are about where it is no node, model, replica or file, and who caused them where it was no admin.</summary>
public static class EventSubjects
{
    /// <summary>The grid itself, as object and as actor.</summary>
    public const string Grid = "grid";
}
