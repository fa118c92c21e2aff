namespace Grid.Abstractions.Events;

/// <summary>The types of events, as Kubernetes has them.</summary>
public static class EventTypes
{
    /// <summary>Something happened as it should.</summary>
    public const string Normal = "Normal";

    /// <summary>An operator should look at it.</summary>
    public const string Warning = "Warning";
}
