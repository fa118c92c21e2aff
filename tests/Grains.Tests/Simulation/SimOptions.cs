namespace Grid.Grains.Tests.Simulation;

/// <summary>Size of a simulation.</summary>
/// <param name="Nodes">At the start.</param>
/// <param name="Models">In the configuration.</param>
/// <param name="Seconds">Of trouble, before the grid is left alone.</param>
/// <param name="RequestsPerSecond">Over all models.</param>
/// <param name="MeanPause">Milliseconds between two troubles.</param>
internal sealed record SimOptions(int Nodes = 16, int Models = 4, int Seconds = 60, int RequestsPerSecond = 20, int MeanPause = 1500);
