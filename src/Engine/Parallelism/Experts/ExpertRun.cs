namespace Grid.Engine.Parallelism.Experts;

/// <summary>Neighbouring rows of a call that go to one expert.</summary>
internal readonly record struct ExpertRun(int Expert, int Rows);
