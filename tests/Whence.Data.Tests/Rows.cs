namespace Whence.Data.Tests;

/// <summary>A file's rows, all at once.</summary>
internal sealed record Rows(float[][] Values, long[] Numbers, string[] Ids, string[] Unreadable)
{
    public static Rows Of(RowSource source, int batchRows = 3) => Of(source, 0, source.Count, batchRows);

    public static Rows Of(RowSource source, long first, long count, int batchRows)
    {
        var (values, numbers, ids, unreadable) = (new List<float[]>(), new List<long>(), new List<string>(), new List<string>());
        foreach (var batch in source.Read(first, count, batchRows))
        {
            for (var i = 0; i < batch.Count; i++)
                values.Add(batch.Values.Slice(i * source.RowSize, source.RowSize).ToArray());
            numbers.AddRange(batch.Numbers);
            ids.AddRange(batch.Ids.ToArray().Select(id => id ?? ""));
            unreadable.AddRange(batch.Unreadable.Select(row => row.ToString()));
        }
        return new Rows([.. values], [.. numbers], [.. ids], [.. unreadable]);
    }

    public static Rows Of(string path, INetwork net, RowOptions? options = null, int batchRows = 3)
    {
        using var source = RowSource.Open(path, net.Signature, options);
        return Of(source, batchRows);
    }
}
