namespace Grid.Cli.Loading;

/// <summary>The model that comes with the command, in <c>models/guide</c> beside it.</summary>
internal static class EmbeddedModel
{
    /// <summary>The name that it is served by.</summary>
    public const string Name = "guide";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "models", Name);

    /// <summary>The embedded model's folder for no model and, unless there is such a path, for its name; else the model as given.</summary>
    public static string Resolve(string? model) => model is null || (model == Name && !Path.Exists(Name)) ? Folder : model;
}
