using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace Whence.Data.Tests;

/// <summary>Parquet and Arrow files, as their own libraries write them.</summary>
public sealed class ColumnFiles
{
    private static readonly PersonNet net = PersonNet.Load(Weights.Random(1));
    private static readonly ImageNet images = ImageNet.Load(Weights.Random(3));

    private static readonly double?[] ages = [30, null, 7.5, 41];
    private static readonly long[] incomes = [1, -2, 3, 4];
    private static readonly string?[] colours = ["red", "blue", null, "green"];

    private static void CheckPeople(string path)
    {
        var refused = Rows.Of(path, net, new RowOptions { IdColumn = "income" });
        Assert.Equal([[30, 1, 0, 1, 0], [41, 0, 0, 4, 1]], refused.Values);
        Assert.Equal(["1", "4"], refused.Ids);
        Assert.Equal([0, 3], refused.Numbers);
        Assert.Equal(["row 1, column \"age\": no value", "row 2, column \"colour\": no value"], refused.Unreadable);
        var schema = TableSchema.Of(net.Signature).WithMissing("age", "1").WithMissing("colour", "");
        var said = Rows.Of(path, net, new RowOptions { Schema = schema }, batchRows: 1);
        Assert.Equal([[30, 1, 0, 1, 0], [1, 0, 1, -2, 0], [7.5f, 0, 0, 3, 0], [41, 0, 0, 4, 1]], said.Values);
    }

    [Fact]
    public async Task PeopleOfParquet()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("people.parquet");
        var schema = new ParquetSchema(new DataField<string>("colour"), new DataField<double>("age", true), new DataField<long>("income"));
        await using (var file = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            foreach (var part in new[] { 0..1, 1..1, 1..4 })
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(schema.DataFields[0], colours[part]!);
                await group.WriteAsync<double>(schema.DataFields[1], ages[part].AsMemory());
                await group.WriteAsync<long>(schema.DataFields[2], incomes[part].AsMemory());
            }
        }
        CheckPeople(path);
        Assert.Contains("no column \"image\"",
            Assert.Throws<InvalidDataException>(() => RowSource.Open(path, images.Signature)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("no.parquet", "PAR1 but nothing else"), net.Signature));
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("cut.parquet", bytes[..^7]), net.Signature));
    }

    [Fact]
    public void PeopleOfArrow()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("people.arrow");
        var schema = new Schema([new Field("age", DoubleType.Default, true), new Field("colour", StringType.Default, true),
            new Field("income", Int64Type.Default, false)], null);
        using (var file = File.Create(path))
        using (var writer = new ArrowFileWriter(file, schema))
        {
            foreach (var part in new[] { 0..1, 1..4 })
            {
                var age = new DoubleArray.Builder();
                foreach (var value in ages[part])
                    _ = value is { } number ? age.Append(number) : age.AppendNull();
                writer.WriteRecordBatch(new RecordBatch(schema,
                    [age.Build(), new StringArray.Builder().AppendRange(colours[part]).Build(),
                        new Int64Array.Builder().AppendRange(incomes[part]).Build()],
                    incomes[part].Length));
            }
            writer.WriteEnd();
        }
        CheckPeople(path);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("no.arrow", "ARROW1 but nothing else"), net.Signature));
    }

    [Fact]
    public async Task ImagesAreLists()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("images.parquet");
        var schema = new ParquetSchema(new ListField("image", new DataField<float>("element", true)));
        var field = schema.DataFields[0];
        // Two images, one without numbers, one that misses a number.
        var values = Enumerable.Range(0, 35).Select(i => (float)i).ToArray();
        var most = field.MaxDefinitionLevel;
        int[] defined = [.. Enumerable.Repeat(most, 24), 0, .. Enumerable.Repeat(most, 11), most - 1];
        int[] repeated = [.. Enumerable.Range(0, 24).Select(i => i % 12 == 0 ? 0 : 1), 0,
            .. Enumerable.Range(0, 12).Select(i => i == 0 ? 0 : 1)];
        await using (var file = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAllPartsAsync<float>(field, values, defined, repeated, default);
        }
        var rows = Rows.Of(path, images);
        Assert.Equal(values[..24], rows.Values.SelectMany(row => row));
        Assert.Equal(["row 2, column \"image\": no value", "row 3, column \"image\": no finite number at place 11 of its list"],
            rows.Unreadable);
    }
}
