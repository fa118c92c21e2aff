namespace Grid.Tokenization.Models;

/// <summary>What a pair of tokens becomes.</summary>
/// <param name="Rank">Lower ranks merge first; of equal ranks the leftmost pair.</param>
/// <param name="Id">The id of the token that the merge makes.</param>
internal readonly record struct Merge(int Rank, int Id);
