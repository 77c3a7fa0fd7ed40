using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>The sizes of an example in memory.</summary>
internal readonly record struct Extent(int Height, int Width, int Channels)
{
    public int Size => Height * Width * Channels;
}

/// <summary>The zeros around an input that let windows which stick out read whole runs.</summary>
internal sealed class Border
{
    public Border(Extent input, Division division)
    {
        Top = Math.Max(0, -division.Rows.Min(row => row.Lowest));
        Left = Math.Max(0, -division.Columns.Min(column => column.Lowest));
        var bottom = Math.Max(0, division.Rows.Max(row => row.Highest) + 1 - input.Height);
        var right = Math.Max(0, division.Columns.Max(column => column.Highest) + 1 - input.Width);
        IsEmpty = Top + Left + bottom + right == 0;
        Extent = input with { Height = Top + input.Height + bottom, Width = Left + input.Width + right };
    }

    public int Top { get; }

    public int Left { get; }

    /// <summary>The input with its border.</summary>
    public Extent Extent { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty { get; }
}

/// <summary>One group's outputs in a stretch of rows and one of columns: a single matrix product over all their places.</summary>
internal sealed unsafe class Sweep
{
    private readonly Run[] runs;

    public Sweep(Filters filters, Stretch rows, Stretch columns, int group, Panels panels)
    {
        var groups = filters.Window.Groups;
        var (before, after) = (filters.Border.Extent, filters.After);
        var (pitch, outPitch) = (before.Width * before.Channels, after.Width * after.Channels);
        Panels = panels;
        Group = group;
        RowTaps = rows.Reach.Taps;
        ColumnTaps = columns.Reach.Taps;
        Rows = rows.Count;
        Columns = columns.Count;
        Channel = group * (after.Channels / groups);
        Input = (rows.Place + filters.Border.Top) * pitch + (columns.Place + filters.Border.Left) * before.Channels
            + group * (before.Channels / groups);
        InputRow = rows.Reach.PlaceStep * pitch;
        InputColumn = columns.Reach.PlaceStep * before.Channels;
        Output = rows.First * outPitch + columns.First * after.Channels + Channel;
        OutputRow = rows.Reach.Step * outPitch;
        OutputColumn = columns.Reach.Step * after.Channels;
        (runs, Length) = RunsOf(rows, columns, pitch, before.Channels, before.Channels / groups, panels.Width);
        Planes = Planes.Of(this, before, groups, columns.Reach.Fold, filters.IsInPlanes);
    }

    public int Group { get; }

    /// <summary>The taps that the panels hold the weights of, down and across.</summary>
    public Tap[] RowTaps { get; }

    public Tap[] ColumnTaps { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The first channel after.</summary>
    public int Channel { get; }

    /// <summary>The first place.</summary>
    public int Input { get; }

    public int InputRow { get; }

    public int InputColumn { get; }

    public int Output { get; }

    public int OutputRow { get; }

    public int OutputColumn { get; }

    /// <summary>Inputs of one run.</summary>
    public int Length { get; }

    public Panels Panels { get; }

    /// <summary>The columns that are computed in vectors along places, the last ones or all; null if none are.</summary>
    public Planes? Planes { get; }

    /// <summary>The places of the outputs of so many examples, whose inputs and outputs lie so far apart.</summary>
    public Sites Sites(float* x, nint inputs, float* y, nint outputs, int examples) => new()
    {
        Input = x + Input,
        Output = y + Output,
        Examples = examples,
        Height = Rows,
        Width = Columns,
        InputExample = inputs,
        InputRow = InputRow,
        InputColumn = InputColumn,
        OutputExample = outputs,
        OutputRow = OutputRow,
        OutputColumn = OutputColumn,
    };

    public Taps Taps => new((Run*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(runs)), runs.Length, Length);

    private static (Run[] Runs, int Length) RunsOf(Stretch rows, Stretch columns, int pitch, int pixel, int channels, int width)
    {
        var places = new List<Run>();
        for (var row = 0; row < rows.TapCount; row++)
        {
            for (var column = 0; column < columns.TapCount; column++)
            {
                var depth = ((rows.FirstTap + row) * columns.Reach.Taps.Length + columns.FirstTap + column) * channels;
                places.Add(new Run(rows.Taps[row].Offset * pitch + columns.Taps[column].Offset * pixel, (nint)depth * width));
            }
        }
        return Join(places, new Run(channels, (nint)channels * width), channels);
    }

    /// <summary>
    /// Joins places whose channels follow each other in memory into runs of one length: with dilation 1 and one group, a row of the window.
    /// </summary>
    private static (Run[] Runs, int Length) Join(List<Run> places, Run step, int channels)
    {
        bool Follows(int i) =>
            places[i].Input == places[i - 1].Input + step.Input && places[i].Weight == places[i - 1].Weight + step.Weight;

        var joined = 1;
        while (joined < places.Count && Follows(joined))
            joined++;
        if (places.Count % joined != 0 || Enumerable.Range(1, Math.Max(0, places.Count - 1)).Any(i => i % joined != 0 && !Follows(i)))
            joined = 1;
        var runs = GC.AllocateArray<Run>(places.Count / joined, pinned: true);
        for (var i = 0; i < runs.Length; i++)
            runs[i] = places[i * joined];
        return (runs, joined * channels);
    }
}
