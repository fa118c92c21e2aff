namespace Grid.Cli.Operators.Output;

/// <summary>How a verb writes what it found.</summary>
internal enum OutputForm
{
    Table,
    Wide,
    Json,
    Yaml,
}
