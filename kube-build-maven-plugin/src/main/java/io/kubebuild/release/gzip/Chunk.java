package io.kubebuild.release.gzip;

/**
 * A compressed chunk in a file.
 *
 * @param content the first 32 hexadecimal digits of the SHA-256 of what was compressed
 * @param offset where it begins in the file, in bytes
 * @param length how long it is there, in bytes
 * @param check CRC-32 of the compressed bytes
 */
public record Chunk(String content, long offset, int length, long check) {}
