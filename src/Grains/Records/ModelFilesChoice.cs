using Grid.Abstractions.Nodes;

namespace Grid.Grains.Records;

/// <summary>The files that a model is served from, and the revision that they make.</summary>
/// <param name="Files">The files that most nodes have; null for a simulated model, which has none.</param>
/// <param name="Revision">The checksum of source, files, engine options and parallelism.</param>
internal sealed record ModelFilesChoice(ModelFiles? Files, string Revision);
