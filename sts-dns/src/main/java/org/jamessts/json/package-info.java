/**
 * JSON (RFC 8259) that an operator or a stranger wrote, read strictly. {@link
 * org.jamessts.json.JsonReader} walks through one text member by member, without a tree of it in
 * memory, and knows at every step where it is; so whoever reads a format can refuse a value with a
 * {@link org.jamessts.json.MalformedJsonException} that says where it stands and what is allowed
 * there.
 *
 * <p>Strict means: UTF-8 and nothing else, no byte order mark, no comments, no duplicate keys, no
 * half of a surrogate pair, nothing after the end, a bounded depth.
 */
@NullMarked
package org.jamessts.json;

import org.jspecify.annotations.NullMarked;
