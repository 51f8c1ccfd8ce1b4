namespace Spark.Engine.Tests;

/// <summary>Raw logits at the last position of a prompt, from one forward pass.</summary>
static class EngineLogits
{
    public static float[] Last(EngineOptions options, int[] prompt)
    {
        using var model = LoadedModel.Load(options, EngineLog.None);
        return Last(model, prompt);
    }

    public static float[] Last(LoadedModel model, int[] prompt)
    {
        var blocks = (prompt.Length + KvLayout.BlockSize - 1) / KvLayout.BlockSize;
        using var pool = new KvPool(model.Layout, blocks);
        var batch = new ForwardBatch();
        batch.Add(prompt, 0, Enumerable.Range(0, blocks).ToArray(), needsLogits: true);
        return model.Llama.Forward(batch, pool)[0].ToArray();
    }
}
