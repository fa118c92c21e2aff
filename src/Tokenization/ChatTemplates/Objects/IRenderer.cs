namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>What functions and filters may use of the rendering that calls them.</summary>
internal interface IRenderer
{
    /// <summary>Bounds on steps, depth and output.</summary>
    Budget Budget { get; }

    /// <summary>The time that <c>strftime_now</c> gives.</summary>
    TimeProvider Clock { get; }

    /// <summary>Applies a filter by its name, as <c>map</c> does.</summary>
    /// <exception cref="TemplateRuntimeException">There is no such filter, or it refuses the value.</exception>
    object? ApplyFilter(string name, object? value, Arguments arguments);
}
