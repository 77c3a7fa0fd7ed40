namespace Whence.Data;

/// <summary>
/// Sequences of DNA as one-hot rows, [4, length] or [length, 4], in the order A, C, G, T; small letters are the same. A row's name is what
/// follows ">" up to a space. Read once through to count sequences when it is opened.
/// </summary>
internal sealed class FastaRows : RowSource
{
    private readonly string path;
    private readonly OneHotLetters oneHot;
    private readonly RecordMarks marks;
    private readonly char[] letters;
    private ByteReader? reader;
    private long at;

    public FastaRows(string path, Signature network, RowOptions options)
        : this(path, network, options, OneHotLetters.Of(network, options.OtherLetters) ?? throw new InvalidDataException(
            $"Sequences are for a network of one input, [4, length] or [length, 4], but {network.Name} takes "
                + $"{Listing.Of(network.Inputs.Select(input => $"{input.Name} {input.Shape}"))}."))
    {
    }

    private FastaRows(string path, Signature network, RowOptions options, OneHotLetters oneHot)
        : base(network.InputSize, options.EachLetter ? ScoreLayout.Of(network) : ScoreLayout.PerPosition(oneHot))
    {
        (this.path, this.oneHot) = (path, oneHot);
        letters = new char[oneHot.Length];
        marks = RecordMarks.Scan(path, new Scanner(Path.GetFileName(path)));
    }

    public override bool HasIds => true;

    public override long Count => marks.Count;

    private protected override void Fill(RowBatch batch, long first, int count)
    {
        if (reader is null || at != first)
            Seek(first);
        for (var i = 0; i < count; i++)
            Take(batch);
    }

    private void Seek(long row)
    {
        reader?.Dispose();
        (at, var offset) = marks.Before(row);
        reader = new ByteReader(RecordMarks.OpenAt(path, offset));
        while (at < row)
        {
            reader.SkipLine();
            reader.ReadRecord(letters);
            at++;
        }
    }

    private void Take(RowBatch batch)
    {
        var header = reader!.ReadLine();
        var read = reader.ReadRecord(letters);
        if (read != oneHot.Length)
            batch.Refuse(at, null, $"the sequence has {read} letters, but the network takes {oneHot.Length}");
        else if (oneHot.Write(letters, batch.Next()) is { } wrong)
            batch.Refuse(at, null, wrong);
        else
            batch.Accept(at, header.TrimStart('>').Split([' ', '\t'], 2)[0]);
        at++;
    }

    public override void Dispose()
    {
        reader?.Dispose();
        base.Dispose();
    }

    /// <summary>A record begins with ">" at the start of a line.</summary>
    private sealed class Scanner(string file) : IRecordScanner
    {
        private bool isStart = true;

        public void Scan(ReadOnlySpan<byte> block, long offset, RecordMarks marks)
        {
            for (var i = 0; i < block.Length; i++)
            {
                if (isStart && block[i] == (byte)'>')
                    marks.Add(offset + i);
                else if (isStart && marks.Count == 0 && block[i] is not ((byte)'\n' or (byte)'\r'))
                    throw new InvalidDataException($"{file} is no FASTA file: it does not begin with \">\".");
                var next = block[i..].IndexOf((byte)'\n');
                isStart = next >= 0;
                if (next < 0)
                    return;
                i += next;
            }
        }
    }

    /// <summary>Reads lines without keeping more of them than is asked for: a chromosome is one record.</summary>
    private sealed class ByteReader(Stream stream) : IDisposable
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private int next;
        private int end;

        private bool Refill()
        {
            if (next < end)
                return true;
            (next, end) = (0, stream.Read(buffer));
            return end > 0;
        }

        public string ReadLine()
        {
            var line = new System.Text.StringBuilder();
            while (Refill() && buffer[next++] is not (byte)'\n' and var letter)
                line.Append((char)letter);
            return line.ToString().TrimEnd('\r');
        }

        public void SkipLine()
        {
            while (Refill() && buffer[next++] != (byte)'\n')
            {
            }
        }

        /// <summary>Reads up to the next ">" that begins a line, keeps as many letters as there is room for, and counts all.</summary>
        public long ReadRecord(Span<char> letters)
        {
            var count = 0L;
            var isStart = true;
            while (Refill())
            {
                var letter = buffer[next];
                if (isStart && letter == (byte)'>')
                    break;
                next++;
                isStart = letter == (byte)'\n';
                if (letter <= (byte)' ')
                    continue;
                if (count < letters.Length)
                    letters[(int)count] = (char)letter;
                count++;
            }
            return count;
        }

        public void Dispose() => stream.Dispose();
    }
}
