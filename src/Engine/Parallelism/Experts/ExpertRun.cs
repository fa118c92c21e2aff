namespace Grid.Engine.Parallelism.Experts;

/// <summary>Consecutive rows of a call that go to the same expert.</summary>
internal readonly record struct ExpertRun(int Expert, int Rows);
