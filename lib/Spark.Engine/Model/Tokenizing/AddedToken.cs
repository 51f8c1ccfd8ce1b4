namespace Spark.Engine;

/// <summary>A token that is looked for in the text itself, ahead of all splitting; a special one is left out of decoded text on request.</summary>
internal sealed record AddedToken(int Id, string Content, bool Special, bool StripsLeft, bool StripsRight, bool SingleWord);
